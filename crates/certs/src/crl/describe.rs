//! Revocation lists as plain facts for people.
