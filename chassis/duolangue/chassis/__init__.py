"""What every service stands on: bus, outbox, store, identity, web, telemetry. It knows no service."""
