"""Fleet: many shops, each as one shop is done, side by side in this process or by workers on many machines."""
