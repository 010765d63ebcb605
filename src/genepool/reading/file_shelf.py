"""The samples and imports of this machine, and files that users send."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from genepool.adapters.files.candle_store import save, store_folder, store_name
from genepool.adapters.files.catalogue import SYNTHETIC, DataEntry, find_data, list_data, stored_path
from genepool.adapters.files.importing import import_file
from genepool.adapters.files.replacing import replaced_by
from genepool.errors import ConfigError, DataError
from genepool.market.provenance import DataSet
from genepool.market.timeframes import utc
from genepool.names import composed, file_name
from genepool.reading.advice import read_with_advice
from genepool.reading.bundles import said_by
from genepool.reading.client_data import client_data
from genepool.reading.flags import FileFlags
from genepool.reading.options import file_options
from genepool.usecases.datasets import DamagedDataset, ListedDataset, UploadedFile


@dataclass(frozen=True, slots=True)
class FileShelf:
    """``Shelf`` of this machine's files.

    Parameters
    ----------
    home
        Folder of the imports.
    """

    home: Path

    def entries(self) -> Sequence[ListedDataset | DamagedDataset]:
        """Return all samples and imports."""
        return [listed(entry) for entry in list_data(self.home)]

    def name_of(self, word: str) -> str | None:
        """Return the name of the sample or import that a word stands for."""
        kept = None if word.startswith(SYNTHETIC) else stored_path(word, self.home)
        return composed(kept.stem) if kept else None

    def read(self, word: str) -> DataSet:
        """Return a sample, an import or a synthetic market."""
        return find_data(client_data(word, self.home), self.home)

    def understand(self, upload: UploadedFile) -> DataSet:
        """Read and check a file under the name that its user gave it."""
        flags = said_by(FileFlags, upload.reading)
        if flags.funding is not None:
            raise ConfigError(
                "--funding names a file of the server: leave it out, or import both files by the command"
            )
        with _under(Path(upload.file), file_name(upload.called)) as named:
            return read_with_advice(
                flags, lambda said: import_file(named, file_options(said, upload.source, upload.licence))
            )

    def name_for(self, data: DataSet) -> str:
        """Return the name that candles would be kept under."""
        return store_name(data.candles.symbol, data.candles.timeframe)

    def keep(self, data: DataSet, *, replacing: bool) -> str:
        """Keep candles under their symbol and timeframe."""
        folder = store_folder(self.home)
        replaced_by(data, folder, allowed=replacing)
        return save(data, folder, replacing=replacing).stem

    def remove(self, name: str) -> None:
        """Delete an import."""
        kept = stored_path(name, self.home)
        if kept is not None and kept.parent == store_folder(self.home):
            kept.unlink(missing_ok=True)


@contextmanager
def _under(file: Path, name: str) -> Iterator[Path]:
    """Yield a second name of a file: nothing is copied before it is checked."""
    if not file.is_file():
        raise DataError(f"{name} cannot be read, because it is no file any more: send it again")
    with tempfile.TemporaryDirectory(prefix="genepool-") as folder:
        named = Path(folder) / name
        try:
            named.symlink_to(file.resolve())
        except OSError:
            # Windows lets few users make links of this kind.
            named.hardlink_to(file)
        yield named


def listed(entry: DataEntry) -> ListedDataset | DamagedDataset:
    """Return an entry of the catalogue as a document."""
    label = entry.label
    if label is None:
        return DamagedDataset(entry.name, entry.kind, entry.problem)
    return ListedDataset(
        name=entry.name,
        kind=entry.kind,
        symbol=label.symbol,
        timeframe=label.timeframe,
        candles=label.candles,
        first=utc(label.first),
        last=utc(label.last),
        columns=label.columns,
        synthetic=label.synthetic,
        digest=label.digest,
        source=label.provenance.source,
        licence=label.provenance.licence,
    )
