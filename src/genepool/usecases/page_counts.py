"""How much of a list one page may hold."""

from genepool.errors import ConfigError

LONGEST_PAGE = 500


def checked_count(count: int, most: int = LONGEST_PAGE) -> int:
    """Return how many lines a page holds.

    Raises
    ------
    ConfigError
        When a user asks for none, or for too many at once.
    """
    if not 1 <= count <= most:
        raise ConfigError(f"count is {count}: a page holds from 1 to {most} lines; ask for further pages")
    return count
