from hypothesis import given
from hypothesis import strategies as st

from thucchat.engine.custody.frontier import Frontier
from thucchat.engine.custody.merkle import leaf_hash, root

leaves = st.lists(st.binary(max_size=3).map(leaf_hash), max_size=70)


@given(leaves, leaves)
def test_a_tree_grown_in_two_steps_has_the_root_of_all_leaves(first, then):
    frontier = Frontier().grown(first).grown(then)

    assert frontier.root == root(first + then)
    assert frontier.size == len(first + then)
    assert len(frontier.peaks) == frontier.size.bit_count()
