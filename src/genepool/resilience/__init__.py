"""How services that hang or fail are asked: with a time limit, interruptibly, behind a circuit breaker."""
