"""How the graph is reached: server, driver, query files, migrations, progress."""
