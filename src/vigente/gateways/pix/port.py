"""What any supplier of Pix automático does: invite a payer, and end a recurrence, once per key."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """What a payer is asked to approve at the bank; the same key invites once."""

    key: str
    reference: str
    payer_name: str
    payer_tax_id: str
    due_day: int | None


class PixFailed(RuntimeError):
    """The supplier did not do it; `permanent` means that trying again would not help."""

    def __init__(self, why: str, *, permanent: bool) -> None:
        super().__init__(why)
        self.permanent = permanent


class PixRecurrences(Protocol):
    """A supplier of Pix automático."""

    def invite(self, invitation: Invitation) -> str:
        """Ask the payer to approve; return the recurrence's id. The same key gives the same id.

        :raises PixFailed: saying whether another try may help.
        """

    def cancel(self, recurrence_id: str, *, reason: str) -> None:
        """End a recurrence; one that has ended stays so.

        :raises PixFailed: for one that is not known.
        """

    def is_standing(self, recurrence_id: str) -> bool:
        """Tell whether a recurrence was not ended.

        :raises PixFailed: for one that is not known.
        """
