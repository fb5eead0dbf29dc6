// Models of one process share the folders of their runners' orders.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
