"""What `make bench` measures. Every comparison runs side by side on the same machine, and its result is checked before its time counts."""
