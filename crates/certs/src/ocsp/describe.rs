//! OCSP responses and requests as plain facts for people.
