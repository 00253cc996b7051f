# Words for codes from closed lists.

kind-child = Child
kind-adult = Adult
kind-vehicle = Vehicle
kind-phone = Phone
kind-handle = Name used online
kind-place = Place

kind-device = Device
kind-organisation = Organisation

role-child-at-risk = The child I am worried about
role-person-of-concern = Person I am worried about
role-parent = Parent or carer
role-witness = Was there, or saw it
role-used-in = Used in it, or where it happened
role-other = Other, or not known

# Whose report a duty goes back to: of anybody but people in their work no more is said.
asked-by-work = Somebody in their work
asked-by-public = A member of the public
