"""What was acknowledged is stored, complete and undamaged."""

from scripts.validation.system.check import BOTH, Check, Found
from scripts.validation.system.system import System


def look(system: System) -> Found:
    """Let the outside checker compute every digest anew."""
    sample = system.sample
    document = system.check_history("--run", sample["run"], "--finished", "--reference", sample["digest"])
    wrong = [finding["finding"] for finding in document["findings"]]
    run = document["runs"][0]
    figure = f"{run['generations']} generations, {run['acknowledged']} acknowledged"
    return Found(document["passed"], figure + (f"; {', '.join(wrong)}" if wrong else ""))


CHECK = Check("the history holds the run", "the outside checker finds nothing", look, BOTH)
