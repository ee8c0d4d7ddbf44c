// Prints the JSON of the environment variable JSON as JavaScript understands it.
process.stdout.write(JSON.stringify(JSON.parse(process.env.JSON)));
