"""Text in encodings of Asia and Eastern Europe: told by the header that one of them makes readable."""

from pathlib import Path

import pytest

from genepool.adapters.files.options import ReadingOptions
from genepool.adapters.files.reading import read_candles
from genepool.errors import InvalidCandles

ROWS = "".join(f"2019-10-{day:02d},1.5,2,1,1.75,10\n" for day in range(14, 19))
HEADERS = {
    "gb18030": ("日期,开盘,最高,最低,收盘,成交量", "GB18030"),
    "gbk": ("时间,开盘价(元),最高价(元),最低价(元),收盘价(元),成交量(股)", "GB18030"),
    "big5": ("日期,開盤價,最高價,最低價,收盤價,成交量", "Big5"),
    "shift_jis": ("日付,始値,高値,安値,終値,出来高", "Shift-JIS"),
    "euc_jp": ("日付,始値,高値,安値,終値,出来高", "EUC-JP"),
    "euc_kr": ("일자,시가,고가,저가,종가,거래량", "EUC-KR"),
    "cp1251": ("Дата,Открытие,Максимум,Минимум,Закрытие,Объём", "Windows-1251"),
    "koi8_r": ("Дата,Открытие,Максимум,Минимум,Закрытие,Объем", "KOI8-R"),
    "cp1250": ("Data,Otwarcie,Najwyższy,Najniższy,Zamknięcie,Wolumen", "Windows-1250"),
    "cp1254": ("Tarih,Aç\u0131l\u0131ş,Yüksek,Düşük,Kapan\u0131ş,Hacim", "Windows-1254"),
}


@pytest.mark.parametrize("encoding", HEADERS)
def test_columns_are_known_by_their_names_and_the_encoding_is_said(tmp_path: Path, encoding: str) -> None:
    header, said = HEADERS[encoding]
    path = tmp_path / "prices.csv"
    path.write_bytes(f"{header}\n{ROWS}".encode(encoding))

    raw, understood = read_candles(path, ReadingOptions())

    assert (raw.open[0], raw.high[0], raw.low[0], raw.close[0], len(raw.stamps)) == (1.5, 2, 1, 1.75, 5)
    assert raw.volume is not None
    assert said in understood.layout


@pytest.mark.parametrize("encoding", ["gb18030", "shift_jis", "euc_kr", "big5"])
def test_a_header_of_other_words_is_replaced_by_columns_that_the_user_gives(
    tmp_path: Path, encoding: str
) -> None:
    path = tmp_path / "prices.csv"
    path.write_bytes(f"一,二,三,上,下,中\n{ROWS}".encode(encoding))
    given = ReadingOptions(header=("time", "open", "high", "low", "close", "volume"))

    with pytest.raises(InvalidCandles, match="--columns"):
        read_candles(path, ReadingOptions())
    assert read_candles(path, given)[0].close[0] == 1.75
