"""Settings that inherit: contract, sale plan, branch, system."""
