"""Where what a customer is to pay is addressed to."""

from vigente.customers.models import Address, Customer


def billed_at(customer: Customer, installed_at: Address | None) -> Address | None:
    """Return where the service is installed, if it is the customer's; else their main address."""
    if installed_at is None or installed_at.customer_id == customer.pk:
        return installed_at
    return customer.addresses.order_by("-is_main", "pk").first()
