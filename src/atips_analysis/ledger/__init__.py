"""What has left the house by any door: releases, frozen baselines, answers."""
