"""What engines share that speak over a network: pace, patience, proxies and the meaning of network errors."""
