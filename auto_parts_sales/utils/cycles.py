"""Cycles in a directed graph: a pure function, used by the supersession of numbers."""


def find_cycles(edges):
    """Return the groups of nodes that lead back to themselves.

    :param edges: iterable of pairs (from, to) of hashable nodes
    :return: list of lists of nodes; each list is a strongly connected component
        that holds a cycle, in the order of a walk through it
    """
    following, rest = _without_loose_ends(edges)
    return [
        component
        for component in _get_components(following, rest)
        if len(component) > 1 or component[0] in following[component[0]]
    ]


def _without_loose_ends(edges):
    """Return successors per node of what is left after cutting loose ends for ever.

    Chains are loose ends from tip to root, so that nothing is left of a list of
    supersessions without a cycle.
    """
    following, before = {}, {}
    for source, target in edges:
        following.setdefault(source, []).append(target)
        before.setdefault(target, []).append(source)
    open_ends = {node: len(targets) for node, targets in following.items()}
    loose = [node for node in before if node not in following]
    while loose:
        for source in before.get(loose.pop(), ()):
            open_ends[source] -= 1
            if not open_ends[source]:
                del open_ends[source]
                loose.append(source)
    return following, open_ends


def _get_components(following, nodes):
    """Yield strongly connected components (Tarjan), without recursion."""
    order, low, on_stack, stack = {}, {}, set(), []
    for root in nodes:
        if root in order:
            continue
        work = [(root, None)]
        while work:
            node, targets = work.pop()
            if targets is None:
                order[node] = low[node] = len(order)
                stack.append(node)
                on_stack.add(node)
                targets = iter([t for t in following[node] if t in nodes])
            for target in targets:
                if target not in order:
                    work += [(node, targets), (target, None)]
                    break
                if target in on_stack:
                    low[node] = min(low[node], order[target])
            else:
                if low[node] == order[node]:
                    component = []
                    while not component or component[-1] != node:
                        component.append(stack.pop())
                    on_stack.difference_update(component)
                    yield component[::-1]
                if work:
                    parent = work[-1][0]
                    low[parent] = min(low[parent], low[node])
