"""The provider's branches, its people and its sellers."""
