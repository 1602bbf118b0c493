"""Who does something: a person of the staff, or the product itself."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """The person whose name the trail shows; `user_id` None means the product."""

    user_id: int | None
    name: str


SYSTEM = Actor(None, "Vigente")
