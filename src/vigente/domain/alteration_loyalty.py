"""The loyalty term of a new plan, begun where the person asks for it.

A term binds the customer, so no alteration begins one by itself: it is shown and ticked. A
temporary alteration begins none.
"""

from dataclasses import dataclass

from vigente.domain.alteration_terms import AlterationFacts, Loyalty, WantedTerms


@dataclass(frozen=True, slots=True, kw_only=True)
class LoyaltyChange:
    """The term that begins, and the one that it takes the place of."""

    former: Loyalty | None
    begun: Loyalty


def change(facts: AlterationFacts, *, wanted: WantedTerms) -> LoyaltyChange | None:
    """Return the term that begins with the new plan, or None."""
    plan = wanted.plan
    if not wanted.starts_loyalty or wanted.until is not None:
        return None
    if plan is None or plan.loyalty_months == 0:
        return None
    begun = Loyalty(
        starts_on=wanted.on,
        months=plan.loyalty_months,
        benefit_cents=plan.loyalty_benefit_cents,
    )
    return LoyaltyChange(former=facts.loyalty, begun=begun)
