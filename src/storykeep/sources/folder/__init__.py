"""A folder of saved pages: walked without following links, its names mapped back to addresses.

``walk`` gives every file in a fixed order, and a finding for everything that is no plain file. ``addresses`` knows how
browsers, HTTrack, wget and the Wayback Machine name what they save. ``kinds`` tells pages from pictures and other
things by their first bytes.
"""
