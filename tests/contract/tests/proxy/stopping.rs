//! What passes is what was sent, to the byte.
