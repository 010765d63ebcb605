"""What a terminal shows: a calm live screen, plain log lines, the leaderboard and the verdict."""

from genepool.adapters.console.leaderboard import board_table, leaderboard_table
from genepool.adapters.console.live_screen import LiveScreen
from genepool.adapters.console.plain_log import PlainLog
from genepool.adapters.console.summary import summary_panel
from genepool.adapters.console.watching import run_watcher

__all__ = ["LiveScreen", "PlainLog", "board_table", "leaderboard_table", "run_watcher", "summary_panel"]
