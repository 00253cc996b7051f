# Short names for what is typed most. Everything real is in `cargo xtask`.

# The demo: a few invented weeks, then sign-in links on loopback.
demo:
    cargo run --release -- demo

# Everything this machine can test.
test:
    cargo xtask test

# Format, lints, tidy and the tests in Rust.
quick:
    cargo xtask test --quick

# Build the stylesheet, scripts and font that the server embeds.
assets:
    cargo xtask assets

# Write the policy matrix anew, to be read before it is committed.
bless-policy:
    DAYLIGHT_BLESS=1 cargo nextest run -p domain -E 'test(policy_matrix)'
