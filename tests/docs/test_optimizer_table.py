"""The page of the optimizers says what each of them is."""

from scripts.optimizer_table import PAGE, placed


def test_the_table_is_that_of_the_code() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert placed(page) == page, "run: python -m scripts.optimizer_table"
