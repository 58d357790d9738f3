"""What every app uses: errors, scope, history, lists, jobs, base templates."""
