"""From a source to a finished episode: preparing a job, rendering, previewing, planning."""
