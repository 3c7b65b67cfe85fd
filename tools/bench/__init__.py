# SPDX-License-Identifier: MIT
"""What Odyssey costs, counted: figures, their limits and record, plots and profiles."""
