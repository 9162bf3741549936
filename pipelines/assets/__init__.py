"""The Dagster skin, a file a layer. Every asset calls a plain function that runs without Dagster."""
