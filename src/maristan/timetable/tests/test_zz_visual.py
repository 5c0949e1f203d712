
import pytest
from maristan.kernel import clock, typesetting
from maristan.timetable.queries.documents import files, pages
from maristan.timetable.queries import surroundings
from maristan.timetable.queries.documents.words import words
from maristan.timetable.models import WeekPlan
from maristan.timetable.tests import factories as make
from datetime import datetime, UTC
pytestmark = pytest.mark.django_db
def test_it():
  with clock.stopped_at(make.CLOCK):
    of = make.school()
    make.directory.Institution.objects.update(name="Fatima Memorial Medical & Dental College")
    urdu = make.directory.member("پروفیسر ڈاکٹر عائشہ صدیقہ", "faculty", scope=("department", of.department.pk))
    subj = [make.academics.course(c, of.batch.program, department=of.department, name=n) for c, n in [("ANA","Gross Anatomy"),("PHY","Physiology"),("BIO","Biochemistry"),("CM","Community Medicine and Behavioural Sciences"),("ISL","اسلامیات")]]
    rooms=[make.directory.room(n) for n in ("Lecture Theatre 2","Dissection Hall","Biochemistry Lab","Ward 4")]
    make.directory.holiday("Pakistan Day", "2026-03-11")
    rows=[]; cells=[]
    t=[("08:00","08:50","I"),("08:50","09:40","II"),("09:40","10:00","Tea break"),("10:00","10:50","III"),("10:00","10:50","III"),("10:50","11:40","IV"),("11:40","13:00","V"),("13:00","14:00","Prayer and lunch")]
    for i,(a,b,l) in enumerate(t,1):
        rows.append(make.times(i,a,b,label=l,is_break=l in("Tea break","Prayer and lunch"), lane={4:"Lab A",5:"Lab B"}.get(i,"")))
        if i in (3,8): continue
        for d in range(6):
            if d==2 or (i+d)%5==0: continue
            cells.append(make.lesson(of,row=i,day=d,course=subj[(i+d)%5].pk,faculty=urdu.pk if (i+d)%3==0 else of.teacher.pk,room=(rooms[(i+d)%4].pk),groups=[g.pk for g in of.groups[:1+(d%2)]],topic=["","Brachial plexus and its branches","Cell injury"][(i*d)%3],kind=["lecture","practical","tutorial","clinical"][(i+d)%4],status="cancelled" if (i,d)==(2,4) else "scheduled", note="Dr Khan unwell" if (i,d)==(2,4) else ""))
    pk=make.week(of); r=make.save(of.alice,pk,*cells,rows=rows); assert r.status==200, r.json
    for loc in ("en","ur"):
        make.directory.Institution.objects.update(locale=loc)
        plan = WeekPlan.objects.select_related("institution","batch").get(pk=pk)
        ctx = surroundings.of_week(plan, actor=make.directory.actor(of.alice_person)); sp=words(loc,"Asia/Karachi")
        page=pages.of_week(ctx,sp)
        for k,mark in ((0,page["mark"]),(1,"")):
            page["mark"]=mark
            d={"title":"x","institution":plan.institution.name,"lang":sp.language,"is_rtl":sp.is_rtl,"words":{key: sp.say(key) for key in ("page","of","nothing")},"pages":[page]}
            for n,png in enumerate(typesetting.image(files.TEMPLATE,d,at=datetime.now(UTC),dots_per_inch=110)): open(f"/tmp/v-{loc}-{k}-{n}.png","wb").write(png)
        open(f"/tmp/v-{loc}.xlsx","wb").write(of.alice.get(f"/api/v1/timetable/weeks/{pk}/xlsx/").body)
