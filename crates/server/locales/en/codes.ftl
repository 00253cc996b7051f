# Words for codes from closed lists.

kind-child = Child
kind-adult = Adult
kind-vehicle = Vehicle
kind-phone = Phone
kind-handle = Name used online
kind-place = Place

role-child-at-risk = The child I am worried about
role-other-child = Another child who was there
role-parent-carer = Parent or carer
role-family = Family
role-person-of-concern = Person I am worried about
role-seen-there = Seen there
role-not-known = Not known
