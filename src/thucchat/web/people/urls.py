"""Addresses of pupils, staff and classes."""

from django.urls import path

from thucchat.web.people import urls_imports
from thucchat.web.people.views import classes, home, pupils, rollover, schools, staff, subjects

app_name = "people"
urlpatterns = [
    path("", home.welcome, name="home"),
    path("hoc-sinh/", pupils.pupils, name="pupils"),
    path("hoc-sinh/<int:pupil_id>/", pupils.pupil, name="pupil"),
    path("hoc-sinh/<int:pupil_id>/sua/", pupils.edit, name="pupil-edit"),
    path("hoc-sinh/<int:pupil_id>/chuyen/", pupils.transfer, name="pupil-transfer"),
    path("hoc-sinh/<int:pupil_id>/thoi-hoc/", pupils.leave, name="pupil-leave"),
    path("can-bo/", staff.staff_list, name="staff-list"),
    path("can-bo/<int:staff_id>/", staff.staff, name="staff"),
    path("can-bo/<int:staff_id>/sua/", staff.edit, name="staff-edit"),
    path("lop/", classes.classes, name="classes"),
    path("lop/<int:class_id>/", classes.school_class, name="class"),
    path("lop/<int:class_id>/sua/", classes.edit, name="class-edit"),
    path("lop/<int:class_id>/phan-cong/", classes.assign, name="class-assign"),
    path("lop/<int:class_id>/tiep-nhan/", classes.admit, name="class-admit"),
    path("nam-hoc/", rollover.rollover, name="rollover"),
    path("mon-hoc/", subjects.subjects, name="subjects"),
    path("truong/<int:school_id>/sap-nhap/", schools.merge, name="school-merge"),
    path("truong/<int:school_id>/chia-tach/", schools.split, name="school-split"),
    path("truong/<int:school_id>/giai-the/", schools.close, name="school-close"),
    *urls_imports.urlpatterns,
]
