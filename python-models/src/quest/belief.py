"""What may be hidden in a puzzle, as far as its calls have told: whole worlds are drawn that agree with what was seen.

Facts have an order, and a function needs some of the few facts that come right before the one that it makes. With the
order given, functions tell nothing of each other: so orders are drawn (Metropolis), and then what each function needs
and how reliable it is. Of these worlds those are kept in which the budget is what the rules make it: it follows from
what the cheapest way costs, and everybody sees it. Sets of facts are bits. Nothing here sums floats in an order that
could vary, nor asks for more of the platform's `exp` than some digits: a board means the same everywhere.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import combinations
from math import exp, fsum, prod

from quest.puzzle import DRAWS, LUCK_FACTOR, REFUSAL_SHARE, Board, Tried

# How often functions need one, two, three facts, and among how many before: as training puzzles show it.
NEEDS = (0.44, 0.41, 0.15)
NEAR = 4
# Of claims and truths, as training puzzles show them: about right, but where there are many facts some never work, and
# these all claim the same.
TRUTHS = (0.95, 0.8, 0.6, 0.4)
CLAIM_SPREAD = 0.15
MANY_FACTS = 8
CLAIM_OF_DEAD, DEAD_OF_THESE = 0.9, 0.89
# What never works is dear, but not without a price: each world has a way.
TRUTH_OF_DEAD = 0.01
RELIABILITIES = (*TRUTHS, TRUTH_OF_DEAD)
# An order that cannot be leaves a way out, or the draws would get stuck.
FLOOR = 1e-4
# Swaps and moves before the first order is taken, and between two.
FIRST_STEPS = 100
STEPS = 4
# So many worlds are drawn for each that is kept.
DRAWN_FOR_ONE = 3
# How far what a world's way costs may be from what the budget tells, as a share. Not less: few worlds come nearer.
BUDGET_SPREAD = 0.2
LEAST_LIKELY = 1e-6
NEVER = float("inf")

# The facts when it was not refused, and the facts at each refusal with the one named, if one was.
Seen = tuple[int | None, tuple[tuple[int, int | None], ...]]
UNSEEN: Seen = None, ()


@dataclass(frozen=True, slots=True)
class World:
    """A guess at what is hidden: an order of the facts, what each function needs, and how reliable it is."""

    order: tuple[int, ...]
    needs: tuple[int, ...]
    reliabilities: tuple[float, ...]
    # What each costs on average until it succeeds.
    prices: tuple[float, ...]


def bits(facts: Iterable[int]) -> int:
    """A set of facts as a number."""
    return sum(1 << it for it in facts)


@lru_cache(1 << 12)
def facts_of(set_of_facts: int) -> tuple[int, ...]:
    """And back."""
    return tuple(it for it in range(set_of_facts.bit_length()) if set_of_facts >> it & 1)


def chances(claimed: float, tried: Tried, n_facts: int) -> tuple[float, ...]:
    """How probable each of the reliabilities is for a function that claims so much, after what came of its calls."""
    return _chances(claimed, tried.done, tried.failed, n_facts >= MANY_FACTS)


@cache
def _chances(claimed: float, done: int, failed: int, has_dead: bool) -> tuple[float, ...]:
    prior, likely = [], []
    for truth in TRUTHS:
        off = (claimed - truth) / CLAIM_SPREAD
        prior.append(round(exp(-off * off / 2), 9))
        likely.append(prior[-1] * truth**done * (1 - truth) ** failed)
    may_be_dead = has_dead and claimed == CLAIM_OF_DEAD and not done
    likely.append(fsum(prior) * DEAD_OF_THESE / (1 - DEAD_OF_THESE) if may_be_dead else 0.0)
    total = fsum(likely)
    if done + failed >= DRAWS or total <= 0:
        return (*(0.0 for _ in TRUTHS), 1.0)
    return tuple(round(it / total, 9) for it in likely)


def agrees(needs: int, seen: Seen) -> bool:
    """Whether a function that needs this would have behaved as it did."""
    there, refusals = seen
    if there is not None and needs & ~there:
        return False
    for facts, named in refusals:
        missing = needs & ~facts
        # A refusal names the first.
        if not missing or (named is not None and missing & -missing != 1 << named):
            return False
    return True


@cache
def choices(among: int) -> tuple[tuple[int, float], ...]:
    """What a function may need of some facts, each with how probable it is."""
    facts = facts_of(among)
    result = []
    for n in range(1, min(len(NEEDS), len(facts)) + 1):
        # Where fewer are there, whoever would need more needs all.
        share = NEEDS[n - 1] if n < len(facts) else fsum(NEEDS[n - 1 :])
        sets = [bits(it) for it in combinations(facts, n)]
        result += [(it, share / len(sets)) for it in sets]
    return tuple(result)


@lru_cache(1 << 17)
def possible(among: int, seen: Seen) -> tuple[tuple[tuple[int, float], ...], float]:
    """Those of them that agree with what was seen, and how probable that is."""
    sets = tuple(it for it in choices(among) if agrees(it[0], seen))
    return sets, fsum(share for _, share in sets)


def seen_of(tried: Tried) -> Seen:
    """What a function has shown of its needs."""
    there = None if tried.worked_with is None else bits(tried.worked_with)
    return there, tuple((bits(facts), named) for facts, named in tried.refusals)


class Belief:
    """What a board tells of the hidden."""

    def __init__(self, board: Board, rng: random.Random) -> None:
        self._rng, self._signs = rng, board.signs
        self._seen = [seen_of(it) for it in board.tried]
        self.makers: dict[int, list[int]] = {}
        for at, sign in enumerate(board.signs):
            self.makers.setdefault(sign.makes, []).append(at)
        start = sorted(it for it in board.facts if it not in self.makers)
        between = [it for it in sorted(self.makers) if it != board.goal]
        made = [it for it in between if it in board.facts]
        others = [it for it in between if it not in board.facts]
        rng.shuffle(others)
        # The facts as bits, and before them nothing, so that each has some before it.
        self._order = [0] * NEAR + [1 << it for it in (*start, *made, *others, board.goal)]
        self._first = NEAR + len(start)
        self._goal, self._all = self._order[-1], sum(self._order[:-1])
        self.n_facts, self._size = len(self._order) - NEAR, max(self._order).bit_length()
        self._start = bits(start)
        refusals = REFUSAL_SHARE * sum(it.cost for it in board.signs)
        # What the cheapest way costs on average; no function costs less than 1.
        self._average = max(1.0, (board.budget - refusals) / LUCK_FACTOR)
        signs_and_tried = zip(board.signs, board.tried, strict=True)
        self.chances = [chances(sign.claimed, it, self.n_facts) for sign, it in signs_and_tried]
        # How probable it is that the makers of a fact behave as they did, by the facts before it: where it is known.
        self._odds: dict[int, dict[int, float]] = {
            1 << fact: {} for fact, makers in self.makers.items() if any(self._seen[it] != UNSEEN for it in makers)
        }

    def likely(self, n: int) -> list[World]:
        """So many worlds that agree with the budget too, as far as some do; those that do well are there repeatedly."""
        worlds = self.worlds(n * DRAWN_FOR_ONE)
        weights = [self._fits_budget(it) for it in worlds]
        # One at each of so many equal steps through the weights.
        step = fsum(weights) / n
        kept: list[World] = []
        end = 0.0
        for world, weight in zip(worlds, weights, strict=True):
            end += weight
            while (len(kept) + 0.5) * step < end and len(kept) < n:
                kept.append(world)
        return kept

    def _fits_budget(self, world: World) -> float:
        average = self.way(world, self._start)[0]
        if average == NEVER:
            return LEAST_LIKELY
        off = (average / self._average - 1) / BUDGET_SPREAD
        return max(LEAST_LIKELY, round(exp(-off * off / 2), 9))

    def worlds(self, n: int) -> list[World]:
        """So many worlds, as probable as what was seen of the functions makes them."""
        worlds = []
        odds = self._odds_of(self._order, self._first, len(self._order))
        for at in range(n):
            self._walk(odds, STEPS if at else FIRST_STEPS)
            order = tuple(it.bit_length() - 1 for it in self._order[NEAR:])
            needs = self._needs()
            drawn = tuple(self._one_of(it) for it in self.chances)
            prices = tuple(sign.cost / it for sign, it in zip(self._signs, drawn, strict=True))
            worlds.append(World(order, needs, drawn, prices))
        return worlds

    def _one_of(self, chances_of_each: tuple[float, ...]) -> float:
        """A reliability, drawn."""
        left = self._rng.random()
        for it, chance in zip(RELIABILITIES, chances_of_each, strict=True):
            left -= chance
            if left <= 0:
                return it
        return RELIABILITIES[-1]

    def _walk(self, odds: list[float], steps: int) -> None:
        """Changes the order so many times, each time into one as probable, or rarely into one that is less."""
        rng, first, last = self._rng.random, self._first, len(self._order) - 1
        order = self._order
        for _ in range(steps):
            one, two = first + int(rng() * (last - first)), first + int(rng() * (last - first))
            is_swap = rng() < 0.5
            if one == two:
                continue
            changed = order[:]
            if is_swap:
                changed[one], changed[two] = changed[two], changed[one]
            else:
                changed.insert(two, changed.pop(one))
            low, high = min(one, two), min(max(one, two) + NEAR, last) + 1
            new = self._odds_of(changed, low, high)
            before, after = prod(odds[low - first : high - first]), prod(new)
            if after >= before or rng() * before < after:
                order, odds[low - first : high - first] = changed, new
        self._order = order

    def _odds_of(self, order: list[int], low: int, high: int) -> list[float]:
        """How probable it is that the makers of some facts behave as they did, with the facts in this order."""
        result = []
        for at in range(low, high):
            table = self._odds.get(order[at])
            if table is None:
                result.append(1.0)
                continue
            near = sum(order[at - NEAR : at])
            odds = table.get(near)
            if odds is None:
                odds = 1.0
                for it in self.makers[order[at].bit_length() - 1]:
                    odds *= max(FLOOR, possible(near, self._seen[it])[1])
                table[near] = odds
            result.append(odds)
        return result

    def _needs(self) -> tuple[int, ...]:
        """What each function needs, drawn for the order."""
        needs = [0] * len(self._seen)
        for at in range(self._first, len(self._order)):
            fact, near = self._order[at], sum(self._order[at - NEAR : at])
            for it in self.makers[fact.bit_length() - 1]:
                sets, total = possible(near, self._seen[it])
                if not sets:
                    # What was seen of it always holds, the order need not.
                    sets, total = possible(self._all & ~fact, self._seen[it])
                left = self._rng.random() * total
                for needed, share in sets:
                    needs[it] = needed
                    left -= share
                    if left <= 0:
                        break
        return tuple(needs)

    def way(self, world: World, facts: int) -> tuple[float, frozenset[int]]:
        """What the goal costs from some facts on, about, and the functions by which it is reached.

        Of each fact, in their order, the maker is taken that is cheapest with all that it needs.
        """
        if facts & self._goal:
            return 0.0, frozenset()
        # Of each fact the maker taken, its price, and the facts that have to be made for it and with it.
        size, prices = self._size, world.prices
        price, steps, maker = [0.0] * size, [0] * size, [0] * size
        least = NEVER
        for fact in world.order:
            if facts >> fact & 1:
                continue
            least, here = NEVER, 1 << fact
            for it in self.makers[fact]:
                total, before = prices[it], 0
                for need in facts_of(world.needs[it] & ~facts):
                    before |= steps[need]
                    if not steps[need]:
                        total = NEVER
                for step in facts_of(before):
                    total += price[step]
                if total < least:
                    least, steps[fact], price[fact], maker[fact] = total, before | here, prices[it], it
        # The goal was the last.
        return least, frozenset(maker[it] for it in facts_of(steps[world.order[-1]]))
