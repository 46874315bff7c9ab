"""Whether a webhook call comes from WhatsApp: Meta signs the raw body with the app's secret."""

from __future__ import annotations

from backend.channels.meta import is_genuine

__all__ = ["is_genuine"]
