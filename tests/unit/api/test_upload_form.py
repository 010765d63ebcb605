"""Files that are sent: the folder that they lie in is empty again, whatever becomes of them."""

import io
import os
import time
from pathlib import Path

import pytest
from starlette.datastructures import UploadFile

from genepool.api import uploads
from genepool.api.upload_form import SentFile
from genepool.api.uploads import READ_AT_ONCE, Inbox
from genepool.errors import ServiceUnavailable


def sent(content: bytes = b"candles", called: str = "../../etc/passwd") -> SentFile:
    return SentFile(UploadFile(io.BytesIO(content), filename=called))


def test_a_file_lies_in_the_folder_while_it_is_read_and_its_name_is_no_path(tmp_path: Path) -> None:
    with Inbox(tmp_path).holding(sent()) as upload:
        assert Path(upload.file).read_bytes() == b"candles"
        assert Path(upload.file).parent.parent == tmp_path
        assert upload.called == "../../etc/passwd"
    assert list(tmp_path.iterdir()) == []


def test_it_is_gone_when_its_reading_fails(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="damaged"), Inbox(tmp_path).holding(sent()):
        raise ValueError("damaged")
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_is_swept_away(tmp_path: Path) -> None:
    left, fresh = tmp_path / "left", tmp_path / "fresh"
    left.mkdir()
    (left / "upload").write_text("old")
    fresh.mkdir()
    os.utime(left, (time.time() - 7_200, time.time() - 7_200))
    with Inbox(tmp_path).holding(sent()):
        pass
    assert list(tmp_path.iterdir()) == [fresh]


def test_files_are_read_a_few_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "_WAIT_SECONDS", 0.01)
    inbox = Inbox(tmp_path)
    held = [inbox.holding(sent()) for _ in range(READ_AT_ONCE)]
    for one in held:
        one.__enter__()
    with pytest.raises(ServiceUnavailable, match="other files are being read"), inbox.holding(sent()):
        pass
    for one in held:
        one.__exit__(None, None, None)
    with inbox.holding(sent()):
        pass


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(ServiceUnavailable, match="free space"), Inbox(tmp_path / "file").holding(sent()):
        pass
