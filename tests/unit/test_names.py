"""Names in any script stay readable, and are names of files on every system."""

import unicodedata

import pytest

from genepool.errors import ConfigError
from genepool.names import checked_run_name, file_stem, fits

TYPED_APART = unicodedata.normalize("NFD", "Zürich")


@pytest.mark.parametrize(
    ("text", "stem"),
    [
        ("BTC/USDC:USDC", "BTC-USDC-USDC"),
        ("比特币", "比特币"),
        ("БТК/USDT", "БТК-USDT"),
        ("हिन्दी", "हिन्दी"),
        (TYPED_APART, "Zürich"),
        ("₿ 🚀", ""),
        ("₿TC", "TC"),
        ("...", ""),
        ("a\u202eb\u200bc", "a-b-c"),
        ("\u0301accent", "accent"),
        ("name. ", "name"),
        ("../../evil", "evil"),
        ("CON.DE", "CON-DE"),
        ("nul.x.y", "nul-x.y"),
        ("CONE.DE", "CONE.DE"),
        ('a<b>c:"d/e\\f|g?h*i', "a-b-c-d-e-f-g-h-i"),
    ],
)
def test_a_symbol_becomes_a_part_of_a_files_name(text: str, stem: str) -> None:
    assert file_stem(text) == stem


@pytest.mark.parametrize("name", ["first", "BTC-1h_2.b", "比特币-1h", "Ünal", "7", "x" * 64, "lately"])
def test_a_run_may_have_letters_of_any_script(name: str) -> None:
    assert checked_run_name(name) == name


def test_a_name_that_looks_the_same_is_the_same() -> None:
    assert checked_run_name(TYPED_APART) == "Zürich"


@pytest.mark.parametrize("name", ["latest", "LATEST"])
def test_the_word_for_the_newest_run_is_no_name(name: str) -> None:
    with pytest.raises(ConfigError, match="that word means the newest run"):
        checked_run_name(name)


@pytest.mark.parametrize("name", ["con", "NUL", "Com7", "lpt1.first"])
def test_what_windows_keeps_for_a_device_is_no_name(name: str) -> None:
    with pytest.raises(ConfigError, match="Windows has a device of that name"):
        checked_run_name(name)


@pytest.mark.parametrize(
    "name",
    ["", "../up", "-v", ".hidden", "ends.", "a b", "a/b", "🚀", "₿", "x" * 65, "𐌰" * 60, "a\nb", "a:b"],
)
def test_every_other_name_is_refused_with_what_names_may_hold(name: str) -> None:
    with pytest.raises(ConfigError, match="letters and digits, of any script"):
        checked_run_name(name)


def test_a_file_counts_bytes() -> None:
    assert fits("比" * 64)
    assert not fits("𐌰" * 64)
