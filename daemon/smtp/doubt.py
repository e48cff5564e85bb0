"""Refusals that may be the recipient's fault or ours: kept back until the next mails show which."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from daemon.smtp.outcomes import SendResult
from rules.message.smtp_replies import same_words, whose_fault

RECIPIENTS_FOR = {"sender": 2, "unclear": 3}
"""So many recipients refused alike, with no mail taken in between, show that the channel is refused."""


@dataclass(slots=True)
class Doubt:
    """The refusals in doubt, all alike. One recipient's odd server must not stop the office, nor a channel that
    refuses us use up every mail: both begin with the same reply."""

    _kept: list[SendResult] = field(default_factory=list)
    _recipients: set[str] = field(default_factory=set)
    _alike: tuple[object, ...] = ()
    _proved: tuple[object, ...] | None = None
    """What has been found to be the channel's: mails on other connections may still come back with it."""

    def added(self, recipient: str, result: SendResult) -> list[SendResult]:
        """What a permanent refusal makes clear: itself at once when it is the recipient's, or all alike with it."""
        fault = whose_fault(result.code, result.text)
        if fault not in RECIPIENTS_FOR:
            return [result]
        alike = (fault,) if fault == "sender" else (fault, result.code, result.phase, same_words(result.text))
        if alike == self._proved:
            return [replace(result, outcome="configuration")]
        before = self.cleared() if alike != self._alike else []
        self._alike = alike
        self._kept.append(result)
        self._recipients.add(recipient)
        enough = len(self._recipients) >= RECIPIENTS_FOR[fault]
        return before + (self._channels() if enough else [])

    def cleared(self) -> list[SendResult]:
        """The channel works: what was refused is refused for its recipients."""
        kept, self._kept = self._kept, []
        self._recipients, self._alike = set(), ()
        return kept

    def ended(self) -> list[SendResult]:
        """No mail is left to show it: a reply that names our sender is believed, any other is the recipient's."""
        return self._channels() if self._alike == ("sender",) else self.cleared()

    def _channels(self) -> list[SendResult]:
        self._proved = self._alike
        return [replace(one, outcome="configuration") for one in self.cleared()]
