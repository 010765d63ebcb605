"""How the screen names measures; what it says of them is decided and written in ``backtest``."""


def measure_name(name: str) -> str:
    """Return a field's name as people read it."""
    return (
        name.replace("_", " ")
        .replace("sharpe", "Sharpe")
        .replace("sortino", "Sortino")
        .replace("calmar", "Calmar")
    )
