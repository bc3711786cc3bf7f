"""Companion: calming sound, gentle words and one large call beside a patient."""

__version__ = "0.1.0"
