"""Random expressions of the language."""

from __future__ import annotations

from hypothesis import strategies as st

from wargame.numbers.arithmetic import LIMIT


def grow(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Expressions one level above `inner`."""
    operators = st.sampled_from(["+", "-", "*", "/", "**", "<", "<=", ">", ">=", "==", "!=", "and", "or"])
    return st.one_of(
        st.builds("({} {} {})".format, inner, operators, inner),
        st.builds("({} < {} <= {})".format, inner, inner, inner),
        st.builds("({} if {} else {})".format, inner, inner, inner),
        st.builds("(not {})".format, inner),
        st.builds("-{}".format, inner),
        st.builds("{}({})".format, st.sampled_from(["abs", "exp", "log", "sqrt", "sigmoid"]), inner),
        st.builds("{}({}, {})".format, st.sampled_from(["min", "max"]), inner, inner),
        st.builds("clip({}, {}, {})".format, inner, inner, inner),
    )


leaves = st.one_of(
    st.sampled_from(["tension", "trust[CHN, PRK]", "economy[PRK]", "day", "month", "count(icbm_test)", "leads(moon)"]),
    st.sampled_from(['yearly("03-01", "04-30")', "0", "1e9", ".5", "1e-300", "follows(USA, engagement)"]),
    st.floats(0, LIMIT).map(repr),
)
expressions = st.recursive(leaves, grow, max_leaves=12).filter(lambda text: len(text) <= 1000)
