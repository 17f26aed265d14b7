"""What there is and how it is set: tables, one resource in full, two side by side, what expires next."""

import streamlit as st

from dashboard import comparison, components, data, expiry, filters, inventory
from dashboard.comparison import COMPARE, EXPIRES

current = data.published()
scope = filters.scope()

components.header("Inventory", current)
with st.container(horizontal=True, vertical_alignment="center"):
    mode = comparison.mode_switch()
    st.space("stretch")
    download_place = st.container(horizontal=True, width="content")
if mode == EXPIRES:
    expiry.expiry(current, scope, download_place)
    st.stop()
with st.container(horizontal=True, vertical_alignment="center"):
    kind = inventory.kind_switch()
    search_place = st.container()
known = data.inventory(current, kind)
in_scope = known.within(scope)

if in_scope.empty:
    inventory.nothing(current, kind, scope)
    st.stop()
if mode == COMPARE:
    comparison.comparison(known, kind, in_scope, download_place)
    st.stop()

with search_place:
    rows = inventory.search(in_scope)
opened = inventory.opened_resource()
with download_place:
    inventory.download(kind, rows)
st.caption(inventory.shown_of(kind, rows, in_scope))

left, right = st.columns([3, 5], gap="medium") if opened else (st.container(), None)
with left:
    if rows.empty:
        components.empty("Nothing matches", "Take the search away.")
    else:
        inventory.resources_table(kind, rows, is_narrow=opened is not None)
if right is not None and opened is not None:
    with right:
        inventory.detail(current, known, kind, opened)
