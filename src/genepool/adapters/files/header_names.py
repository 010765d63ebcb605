"""What the columns of candles are called, by exchanges, brokers and spreadsheets of some languages."""


def listed(names: str) -> tuple[str, ...]:
    """Return names that are parted by spaces."""
    return tuple(names.split())


# In order of preference: the first name that a file has is taken. Signs between words do not matter.
NAMES: dict[str, tuple[str, ...]] = {
    "time": listed(
        "open_time time_open kline_open_time candle_begin_time candle_date_time_utc start_time "
        "window_start open_timestamp timestamp unix unix_timestamp timestamp_ms timestamp_utc "
        "unix_time datetime date_time datetime_utc start_date open_date date gmt_time utc_time "
        "time_utc date_utc trade_date trading_date trading_day dtyyyymmdd yyyymmdd day datum fecha "
        "data 日期 交易日期 trade_time trading_time time zeit uhrzeit 时间 日付 日付け 日時 일자 날짜 "
        "дата tarih tanggal local_time ts start begin stamps t index index_level_0 unnamed_0 "
        "candle_time bar_time ticks calc_time funding_time funding_timestamp funding_rate_timestamp"
    ),
    "open": listed(
        "open o open_price opening_price price_open px_open mid_open mid_o ask_open bid_open open_ask "
        "open_bid ask_o bid_o 開盤價 開盤 eroffnung eroffn eroffnungskurs erster otwarcie "
        "ouverture ouv apertura abertura apri "
        "开盘 开盘价 今开 始値 시가 открытие откр цена_открытия ac\u0131l\u0131s openen "
        "opening oppning oppen pembukaan"
    ),
    "high": listed(
        "high h high_price price_high max px_high mid_high mid_h ask_high bid_high high_ask high_bid 最高價 "
        "hoch hochst najwyzszy plus_haut haut maximo maxima massimo 最高 最高价 高値 고가 максимум "
        "макс yuksek hoog hogst tertinggi ask_h bid_h"
    ),
    "low": listed(
        "low l low_price price_low min px_low mid_low mid_l ask_low bid_low low_ask low_bid 最低價 tief "
        "tiefst najnizszy plus_bas bas minimo minima 最低 最低价 安値 저가 минимум мин dusuk laag "
        "lagst terendah ask_l bid_l"
    ),
    "close": listed(
        "close c close_price closing_price price_close close_last last last_price latest px_last "
        "mid_close mid_c ask_close bid_close close_ask close_bid schluss schlusskurs schlusskurse "
        "zuletzt zamkniecie cloture dernier cierre ultimo fechamento chiusura 收盘 收盘价 收盤 "
        "收盤價 終値 종가 закрытие закр цена_закрытия simdi kapanis kapan\u0131s "
        "slot slotkoers laatste stangning senaste terakhir "
        "price settle цена ask_c bid_c trade_price"
    ),
    # MetaTrader's "vol" is 0 for currencies while its "tickvol" is not, hence the order.
    "volume": listed(
        "volume v tick_volume tick_vol vol base_volume volume_base base_asset_volume total_volume "
        "trade_volume real_volume quantity qty volumen wolumen volym объем hac hacim 成交量 成交股數 出来高 "
        "거래량 number_of_shares no_of_shares shares_traded total_traded_quantity share_volume "
        "candle_acc_trade_volume"
    ),
    "funding": listed("funding_rate funding rate last_funding_rate open"),
}
MARKET_NAMES = ("symbol", "coin", "venue", "exchange", "ticker", "pair", "market", "instrument")
