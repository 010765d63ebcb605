"""One exchange behind ccxt: loaded late, slowed down to its limits, asked again when it fails."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

import structlog

from genepool.errors import ConfigError, ServiceUnavailable

Answer = TypeVar("Answer")

# Hyperliquid lists hundreds of spot and third-party markets, one slow request each group.
_OPTIONS: Mapping[str, Mapping[str, Any]] = {"hyperliquid": {"fetchMarkets": {"types": ["swap"]}}}
# What ccxt's parsers stumble over when an answer is not what the exchange documents.
_RUBBISH = (AttributeError, IndexError, KeyError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How long an exchange is asked again.

    Parameters
    ----------
    attempts
        Requests at most for one answer.
    first_wait
        Seconds before the second attempt; each wait is twice the one before.
    between_requests
        Milliseconds between requests; None for what ccxt knows of the exchange's limits.
    """

    attempts: int = 5
    first_wait: float = 1.0
    between_requests: int | None = None


class Connection:
    """An exchange that public market data can be asked for.

    Parameters
    ----------
    exchange
        ccxt's name of it, such as ``"hyperliquid"``.
    base_url
        Scheme and host that stand in for the exchange's own; empty for its own.
    policy
        How long it is asked again.

    Raises
    ------
    ConfigError
        When ccxt is not installed or knows no such exchange.
    """

    def __init__(self, exchange: str, base_url: str = "", policy: RetryPolicy | None = None) -> None:
        self.name = exchange
        self._policy = policy or RetryPolicy()
        self._ccxt = _ccxt()
        if exchange not in self._ccxt.exchanges:
            raise ConfigError(
                f"ccxt knows no exchange {exchange!r}: give one of its names, such as hyperliquid"
            )
        self._client = getattr(self._ccxt, exchange)({"enableRateLimit": True, "timeout": 20_000})
        self._client.enableLastJsonResponse = True
        self._client.options = self._client.deep_extend(self._client.options, _OPTIONS.get(exchange, {}))
        if self._policy.between_requests is not None:
            self._client.rateLimit = self._policy.between_requests
        if base_url:
            self._client.urls["api"] = _moved(self._client.urls["api"], base_url)

    @property
    def timeframes(self) -> list[str]:
        """Names of the timeframes on offer."""
        return list(self._client.timeframes or {})

    def offers(self, method: str) -> bool:
        """Say whether ccxt can ask this exchange for something, such as ``"fetchFundingRateHistory"``."""
        return bool(self._client.has.get(method))

    def ask(self, method: str, *arguments: object) -> Any:  # noqa: ANN401 - ccxt is untyped
        """Call one of ccxt's methods until it answers.

        Raises
        ------
        ServiceUnavailable
            When the exchange refuses, or has not answered sensibly after all attempts.
        """
        wait = self._policy.first_wait
        for attempt in range(1, self._policy.attempts + 1):
            try:
                return self._answer(getattr(self._client, method), arguments)
            except (self._ccxt.OperationFailed, *_RUBBISH) as error:
                if attempt == self._policy.attempts:
                    raise self._gave_up(error) from error
                structlog.get_logger().warning(
                    "exchange_asked_again", exchange=self.name, reason=_short(error), seconds=wait
                )
            except self._ccxt.BaseError as error:
                raise ServiceUnavailable(f"{self.name} refused {method}: {_short(error)}") from error
            time.sleep(wait)
            wait *= 2
        raise AssertionError("the last attempt answers or raises")

    def _answer(self, method: Callable[..., Answer], arguments: tuple[object, ...]) -> Answer:
        answer = method(*arguments)
        # ccxt turns what it does not understand into nothing, which would read as "no data". Markets
        # there always are, and where there are no candles a true answer at least has a list.
        if answer == {} or (answer == [] and not _holds_list(self._client.last_json_response)):
            raise ValueError("the answer is not in the exchange's format")
        return answer

    def _gave_up(self, error: Exception) -> ServiceUnavailable:
        return ServiceUnavailable(
            f"{self.name} gave no usable answer in {self._policy.attempts} attempts ({_short(error)}): "
            "try again later, the same command resumes where this one stopped"
        )


def _ccxt() -> Any:  # noqa: ANN401 - ccxt is untyped
    try:
        import ccxt  # noqa: PLC0415 - an optional extra that takes seconds to import
    except ImportError as error:
        raise ConfigError("downloading needs ccxt: pip install 'genepool[exchange]'") from error
    return ccxt


def _moved(urls: Any, base_url: str) -> Any:  # noqa: ANN401 - ccxt nests addresses as it likes
    if isinstance(urls, str):
        base, own = urlsplit(base_url), urlsplit(urls)
        return urlunsplit((base.scheme, base.netloc, base.path.rstrip("/") + own.path, "", ""))
    return {name: _moved(part, base_url) for name, part in urls.items()}


def _holds_list(answer: object) -> bool:
    if isinstance(answer, dict):
        return any(_holds_list(part) for part in answer.values())
    return isinstance(answer, list)


def _short(error: Exception) -> str:
    text = " ".join(str(error).split())[:160]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
