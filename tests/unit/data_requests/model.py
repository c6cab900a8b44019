"""A small model of an erasure or access request, written from the page and not from the code.

It keeps plain words in a dict and says for each step whether it must succeed and where it leads.
"""

from datetime import timedelta

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
OPEN_TO_SUBJECT = {
    "received", "awaiting_identity", "awaiting_confirmation", "in_review", "on_hold",
    "second_approval", "cooling_off", "denied", "appealed",
}  # fmt: skip
ENDED = {"fulfilled", "denied_final", "withdrawn", "closed_unverified", "closed_unconfirmed"}
STANDS = {
    "second_approval", "cooling_off", "executing", "attention", "verifying", "fulfilled",
}  # fmt: skip
PLANNED = {"awaiting_confirmation", "in_review", "second_approval", "cooling_off"}


class Model:
    """One request of the client `client`; staff are `amina`, `bina`, `chandra`, `dipu`."""

    def __init__(self, kind, now, needed):
        self.kind, self.needed, self.now = kind, needed, now
        self.state, self.entered = "received", now
        self.proved = self.confirmed = self.frozen = self.began = False
        self.phone_open = False
        self.proved_at = None
        self.yes, self.rang, self.lifting, self.deniers = [], {}, [], set()
        self.cool_until = self.m_until = None
        self.m_open, self.vouched = False, []
        self.about = "person"
        self.plan = self.planned = self.held_from = self.held_at = None
        self.roles = {"amina", "bina", "chandra"}

    def go(self, state):
        self.state, self.entered = state, self.now
        if state not in STANDS:
            self.yes, self.cool_until = [], None
        if state == "awaiting_identity":
            self.proved = self.confirmed = self.phone_open = self.m_open = False
            self.vouched, self.m_until = [], None
        if state == "executing":
            self.began = True
        return True

    def ask(self):
        return self.state == "received" and self.go("awaiting_identity")

    def prove(self, phone_open):
        if self.state != "awaiting_identity" or self.frozen:
            return False
        self.go("awaiting_confirmation" if self.kind == "erasure" else "in_review")
        self.proved, self.phone_open, self.proved_at = True, phone_open, self.now
        return True

    def open_staff_path(self):
        if self.state != "awaiting_identity":
            return False
        self.m_open = True
        return True

    def name(self, who, about):
        fits = self.state == "awaiting_identity" and self.m_open and not self.frozen
        if not fits or (who not in self.roles and who != "dipu"):
            return False
        if about != self.about:
            self.about, self.vouched = about, []
        return True

    def settle(self, about):
        if self.state != "awaiting_identity":
            return False
        if about != self.about and self.vouched:
            return False
        self.about = about
        return True

    def show(self):
        return self.state == "awaiting_identity"

    def vouch(self, who):
        if self.state != "awaiting_identity" or not self.m_open or self.frozen:
            return False
        if who in self.vouched or (who not in self.roles and who != "dipu"):
            return False
        self.vouched.append(who)
        # amina rings, bina and chandra send letters, dipu sees a shared number
        kinds = {{"amina": "ring", "dipu": "phone"}.get(name, "letter") for name in self.vouched}
        if len(self.vouched) >= 2 and len(kinds) >= 2:
            until, names = self.now + 7 * DAY, self.vouched
            self.prove(phone_open=False)
            self.m_until, self.vouched = until, names
        return True

    def confirm(self):
        if self.state != "awaiting_confirmation" or self.frozen:
            return False
        self.confirmed = True
        return self.go("in_review")

    def set_plan(self, plan):
        if self.state not in PLANNED:
            return False
        if plan != self.plan and self.state in {"second_approval", "cooling_off"}:
            self.go("in_review")
        self.planned = self.planned if self.plan else self.now
        self.plan = plan
        return True

    def ring(self, who):
        if who not in self.roles or self.state in ENDED:
            return False
        self.rang[who] = self.now
        return True

    def approve(self, who):
        if self.state not in {"in_review", "second_approval"} or who not in self.roles:
            return False
        yes = [*self.yes, who]
        if self.frozen or not self.plan or who in self.yes or not self.may_stand(yes):
            return False
        full = len(yes) >= self.needed
        cool = self.now + 72 * HOUR if full and self.kind == "erasure" else None
        waits = max((t for t in (cool, self.m_until) if t), default=self.now)
        if full and waits <= self.now and not self.live(yes):
            return False
        self.go(
            "second_approval" if not full else "cooling_off" if waits > self.now else "executing"
        )
        self.yes, self.cool_until = yes, cool
        return True

    def may_stand(self, yes):
        if yes[0] in self.vouched or sum(name in self.vouched for name in yes) > 1:
            return False
        called = self.rang.get(yes[0])
        return not self.phone_open or (called is not None and called >= self.proved_at)

    def live(self, yes):
        return all(name in self.roles for name in yes)

    def execute(self):
        waits = max((t for t in (self.cool_until, self.m_until) if t), default=self.now)
        ready = waits <= self.now and not self.frozen and self.live(self.yes)
        return self.state == "cooling_off" and ready and self.go("executing")

    def lapse(self):
        gone = self.state in {"second_approval", "cooling_off"} and not self.live(self.yes)
        return gone and self.go("in_review")

    def send_back(self, who):
        fits = self.state in {"second_approval", "cooling_off", "attention"}
        return fits and who in self.roles and self.go("in_review")

    def hold(self, who, *, fraud=False):
        fits = self.state in {"in_review", "second_approval", "cooling_off"}
        if not fits or who not in self.roles:
            return False
        yes, cool = ([], None) if fraud else (self.yes, self.cool_until)
        self.held_from, self.held_at = self.state, self.now
        self.go("on_hold")
        self.yes, self.cool_until = yes, cool
        return True

    def release(self, who):
        if self.state != "on_hold" or who not in self.roles:
            return False
        yes, cool = self.yes, self.cool_until
        stands = bool(yes) and self.live(yes)
        self.go(self.held_from if stands else "in_review")
        if stands:
            self.yes, self.cool_until = yes, cool and cool + (self.now - self.held_at)
        return True

    def deny(self, who):
        fits = OPEN_TO_SUBJECT - {"cooling_off", "denied", "appealed"}
        if self.state not in fits or who not in self.roles or self.began:
            return False
        self.deniers.add(who)
        return self.go("denied")

    def appeal(self):
        in_time = self.now.date() <= (self.entered + 30 * DAY).date()
        return self.state == "denied" and in_time and self.go("appealed")

    def overturn(self, who):
        if self.state != "appealed" or who not in self.roles or who in self.deniers:
            return False
        ready = self.proved and (self.confirmed or self.kind != "erasure")
        return self.go("in_review" if ready else "awaiting_identity")

    def withdraw(self):
        copying = self.state == "executing" and self.kind == "access"
        untouched = self.state in OPEN_TO_SUBJECT and not self.began
        return (copying or untouched) and self.go("withdrawn")

    def hand_over(self, who):
        if self.state != "executing" or self.kind != "access" or who not in self.roles:
            return False
        return not self.frozen and self.live(self.yes) and self.go("fulfilled")

    def expire(self):
        waits = 28 * DAY if self.state == "awaiting_identity" and self.m_open else 7 * DAY
        ends = {
            "awaiting_identity": "closed_unverified",
            "awaiting_confirmation": "closed_unconfirmed",
        }
        begin = self.entered
        if self.state == "awaiting_confirmation":
            begin = max(self.entered, self.planned) if self.plan and self.planned else None
        over = begin is not None and self.now >= begin + waits
        return self.state in ends and over and self.go(ends[self.state])

    def freeze(self):
        if self.state in ENDED:
            return False
        self.lifting = self.lifting if self.frozen else []
        self.frozen = True
        return True

    def lift(self, who):
        votes = [*self.lifting, who]
        allowed = self.frozen and self.state not in ENDED and who in self.roles
        if not allowed or who in self.lifting or sum(v in self.vouched for v in votes) > 1:
            return False
        self.lifting = votes
        self.frozen = len(votes) < 2
        return True

    def merge(self, into):
        fits = {"awaiting_confirmation", "in_review", "on_hold", "second_approval", "cooling_off"}
        if self.began or self.state in ENDED:
            return False
        self.vouched, self.about = [], into
        if self.state in fits:
            return self.go("awaiting_identity")
        self.proved = False
        return True
