"""The files under the data folder: captures as they came, Parquet tables with manifests, the lock of a run."""
