"""Methods that stand outside of every addon's override.

Where an override is in the order depends on when its addon was loaded, and an addon
installed later, or one that comes later in the alphabet, would go on after ``super()``
as if nothing had happened. What has to be around all of them is put on the model's
class itself, when the registry is ready.
"""

import functools


def wrap(registry, around):
    """Stand around methods, where the model and the method are installed.

    :param around: ``{(model, method): function}``; the function gets the records and
        ``proceed(records)``, which does what was called, for the records given; it
        returns what the method returns
    """
    for (model, name), function in around.items():
        model_class = registry.models.get(model)
        if hasattr(model_class, name) and name not in vars(model_class):
            setattr(model_class, name, _outermost(model_class, name, function))


def unwrap(registry, around):
    """Take off what :func:`wrap` put on; ``around`` may hold more than that."""
    for model, name in around:
        model_class = registry.models.get(model)
        if hasattr(vars(model_class or object).get(name), "parts_outermost"):
            delattr(model_class, name)


def _outermost(model_class, name, around):
    inner = getattr(model_class, name)

    # What a decorator noted on the method (how RPC calls it) goes with it
    @functools.wraps(inner)
    def method(self, *args, **kwargs):
        def proceed(records):
            return getattr(super(model_class, records), name)(*args, **kwargs)

        return around(self, proceed)

    method.parts_outermost = True
    return method
