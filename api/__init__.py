"""The service: GraphQL over what the graph holds. It computes nothing that a job has computed already."""
