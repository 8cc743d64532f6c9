"""ZSE-SBIR: tokens of drawings and pictures, matched one by one."""
