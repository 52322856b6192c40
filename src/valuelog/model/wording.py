"""Words of working life by what they mean: the thesaurus of `valuelog.model.similarity`.

A word may be in more than one group. Words are in lower case; endings such as -s, -ed and -ing need no entry.
"""

FUNCTION_WORDS = """
a able about above across actually after afternoon against ahead all almost along already also although always am
among an and another any anybody anymore anyone anything apart april are arent around as aside at august away back
basically be became because become been before being below beside best better between big bit both but by came can
cannot cant care cause come completely constantly could couldnt daily day december did didnt do does doesnt doing
done dont down dozen during each easy eight either else end enough entire etc even evening ever every everybody
everyone everything exact extra far february few fifth final first five for four fourth friday from gave get give
given go goes gone good got great had hadnt half happen hard has hasnt have havent having he hence her here hers
herself him himself his hour how however hundred i id if ill im in inside instead into is isnt it its itself ive
january july june just keep kept kind last least left less let like literal little ll lot made main make many
march may maybe me mid midday midnight min mine minute monday month monthly more morning most much must my myself near
neither never new next nice nine no nobody none noon noone nor not nothing november now october of off often ok
okay on once one only onto or other our ours out outside over own people per please plenty possible pretty
probably put quite rather re real really reason right s said same sat saturday saw say sec second see seem seen
september seriously seven shall she should shouldnt simple simply since six sixth so some somebody someone something
sometimes soon sort spend spent still stuff such sunday sure t take taken ten than that thats the their theirs them
then there theres these they theyre thing third this those though thousand three through thursday till to today
together tomorrow tonight too took total toward tried try tuesday turn two under until up upon us use used using usual
ve very via want was wasnt way we wednesday week weekend weekly well went were werent what whatever whatsoever when
whenever where whether which while who whoever whole whom whose why will wish with within wont would wouldnt yeah year
yearly yes yesterday yet you your yours
der die das den dem des ein eine einen einem einer und oder aber ist sind war wird werden wurde hat haben hatte habe
wieder schon noch immer nicht nur mal auf aus bei mit nach von vom vor zu zum zur fur ich wir sie er es mich mir uns
man wie wo wenn dass auch als jeden jede jeder jedes heute gestern ganz sehr viel mehr muss mussen geht gehen kommt
kommen bekommen macht machen wegen uber unter durch standig stets erst dran da hier dort sich sein ihr ihre mein meine
unser kann konnen darf soll wollen gibt braucht dauernd zwei drei zweimal dreimal vorher nachher zehn zeigt zeigen le
la les l un une de du d et ou mais est sont etre au aux en dans sur pour par avec ce cet cette ces je tu il elle nous
vous ils ne pas plus encore toujours tres tout tous toute toutes que qui qu se sa son ses mon ma mes y pendant quand
depuis chez jamais rien fait faire va suis temps c j n el los las una unas unos ab o pero esta estan al del con para
otra otro vez muy siempre hoy mi su lo
"""
"""Words without a topic of their own: English, German, French, Spanish."""

COMMON_WORDS = """
able accept account achieve action adapt add adjust admit advise affect afford agent agree aim amaze angry annoying
another appear apply area argue arrange arrive assign assist assume attach attempt avoid awful bag base basic bear
beat beg begin behave belong bend bite blame blow borrow boss bother box brief bright bring broad building business
buy call cancel carry catch category cause celebrate center centre certain chance change cheap check cheer choose
claim clear click client climb close code cold colleague collect common company compare compete complain complete
concern connect connection consider consist contact contain control cope correct cost count cover coworker crazy
create curious customer cut dare data dead deal decision deliver demand department depend describe deserve desk
destroy detail develop direct dirty discuss dislike district divide division document door doubt drag draw dream dress
drive dry early earn eat edit effort employee empty encourage enjoy ensure enter escape examine exist expect expensive
explain explore express extra face fact fair fall familiar fast feel fetch field fight figure fill finally fine finish
fit fix floor fly fold follow force form forward frustrate full function funny gather general guest guide guy hall
handle hang happen happy hate head hear heavy help hide high hit hold hope horrible hot house hurry hurt idea imagine
important impossible improve include info information inside install intend introduce involve issue item job join
judge jump keep kid kitchen knock lab lack land large late laugh lay lazy lean learn lend level lie limit line link
list listen live local long look lose love low mad main man manage manager mark material matter measure meet mention
message method middle mind mobile modern module move multiple name narrow network new nice normal note notice number
observe obtain occur offer office official old open operate option order organise organize own page pain painful paper
parent pass past patient pay people perform permit person phone pick piece pile place plan play point pointless
position post pour practice praise prefer prepare present press pretend prevent previous price prior problem process
produce product program project proper prove provide public pull pupil purpose push quality question quick quit raise
randomly rare rate reach react ready receive record reduce refer reflect refuse regular relate rely remain remember
remove repeat replace report represent request require rescue reset resource respect responsible rest result return
reveal review ride ridiculous rise risk roll room rough rule run rush sad safe satisfy save schedule school scratch
screen section seek select sell send sent separate serious serve server service session set share shared sheet shift
shine shock shop short shout show shut sick side sign silly sing single sink sit site situation size skip slide slow
small smart smell smile soft solution solve sort sound space speak special spell spot spread staff stand standard
start starter state status stay step stick stop store straight strange stretch strict strong struggle student stupid
submit suddenly suffer suggest suit supervisor support suppose surprise survive sweet swim swing switch system tab
table talk target task teach teacher team tear tell tend term terrible text thin think throw tie tight time tired
title tool top total touch tough track trainee transfer transform trap travel treat trouble trust twist type ugly unit
update upload user usually value vary version view visit walk wall ward warm waste watch weak wear weird welcome wet
wide wild win wipe wise woman wonder word work workaround worker workplace world write writing written wrong wrote
young
noise noisy loud quiet case leave night round
raum zimmer platz buro ergebnis verbindung chef arzt kunde monat tag woche bureau porte etage jour heure matin stock
"""
"""Words of every workplace: sharing one proves little."""

ASPECTS = """
slow slowly sluggish lag laggy late later delay stuck hang wait age ages forever eternity hour hrs minute min mins
 week month long longer queue timeout overdue overrun postpone pending load spinner drag crawl langsam lang lange
 dauern dauert spat verspatet warten stunde schlange minuten lent attente attendre lento tarde
broken break broke crash fail failing failure dead die died dies error freeze froze frozen bug buggy glitch defect
 defective faulty malfunction down outage offline unreachable flaky red flicker unstable unreliable random stop work
 working drop disconnect kick cut jam stuck reject refuse unusable abort corrupt reboot restart collapse leak weak
 kaputt defekt klemmt bricht abbruch weg gestort absturz sturzt abgesturzt panne hors casse marche coupe bloque roto
missing miss no none nothing lack without lose lost short shortage few empty out unavailable gone vanish disappear
 incomplete insufficient enough scarce understaffed need never only fehlt fehlen leer kein keine ohne manque sans
 perdu falta sin
find found search look hunt locate where which scattered mess messy chaos untidy lost bury buried dig latest maze
many much full crowd crowded flood drown overload pack endless nonstop constant busy pile hundred dozen all zuviel
 viele voll trop mucho demasiado
twice double duplicate repeat again manual manually hand copy paste retype type redo rewrite both times same multiple
 separately doppelt
outdated old stale obsolete expire expired date current update latest version legacy superseded veraltet vieux
unclear confuse guess vague unknown nonsense maze ask know understand explain detail responsible owner own who agree
 decide unklar
loud noise noisy quiet concentrate focus interrupt distract distraction ping ring beep laut larm bruit
wrong incorrect inaccurate false differ different mismatch match inconsistent disagree typo mistake bad falsch faux
notice silent silently announce tell told inform warn warning sudden suddenly unexpected ignore change move surprise
clash collide overlap conflict occupied occupy taken book booked reserve block double
unreadable illegible blurry handwriting legible
denied deny lock locked block forbidden refuse permission allow access
unanswered answer reply respond response ignore chase remind reaction
pointless useless unnecessary waste
"""
"""What is wrong, from slow to pointless; a group continues on an indented line."""

SYNONYMS = """
ci/pipeline/jenkins/build build/compile/compiler deploy/deployment/release/rollout/ship
docs/documentation/document/wiki/confluence/readme/runbook/guide kb/knowledge meeting/appointment/call/sync
meeting/calendar/invite standup/scrum video/zoom/teams/webex/call
login/logon/signin/sso/sign/log/2fa/mfa/authenticator password/passcode/pwd/credential/passwort/kennwort
secret/credential/key/token permission/access/right/rights/authorization/authorisation/admin review/reviewer/pr/pull
approval/approve/signature/sign/signed/signoff/authorize/authorise kubernetes/k8s database/db/postgres/mysql/sql
query/sql test/spec/qa/e2e config/configuration/setting/setup/yaml wifi/wlan/wireless/internet/network/signal
vpn/tunnel laptop/notebook/computer/pc/workstation medicine/medication/med/drug/pill handover/handoff/hand-over
handover/shift roster/rota/timetable/schedule/shifts excel/spreadsheet/sheet/xls/workbook
mail/email/mailbox/inbox/outlook chart/charting/record aircon/ac/conditioning chat/slack/message/dm
holiday/vacation/pto/leave oncall/pager/standby alert/alarm/pager/notification alert/page/paged repo/repository/git
env/environment dependency/dep/library/package/upgrade invoice/bill/billing salary/payroll/pay/payslip lift/elevator
toilet/restroom/bathroom/loo trip/travel homework/assignment grade/mark/score substitution/substitute/sub/cover
receipt/expense/expenses/reimbursement refund/reimbursement/reimburse certificate/cert/ssl/tls court/hearing/trial
translator/translation/interpreter/translate monitor/display/screen bus/tram applicant/candidate/cv/application
freezer/fridge/refrigerator canteen/cafeteria/kitchen contract/agreement vm/container/docker auth/authentication
admin/administrator booking/slot/reservation/book hotel/accommodation charger/adapter/charging/charge/battery
memory/oom/ram cron/nightly replace/replacement headcount/hiring/recruiting/recruitment/recruiter/hire
kasse/kassensystem/cashier/till/checkout/register projector/beamer supplier/vendor/provider
parcel/package/shipment/delivery training/course/workshop prod/production/live estimate/estimation trolley/cart
infusion/iv/drip chair/seat staging/preprod/test parking/carpark heating/heater/radiator/cold/freezing
noise/noisy/loud/quiet headset/headphones/earphones camera/webcam bandage/dressing dose/dosage prescription/rx
timesheet/timekeeping/timecard warehouse/depot ticket/jira/case/issue merge/rebase sprint/iteration
barcode/qr/scanner/scan microphone/mic picture/image/photo feedback/comment/comments food/meal truck/lorry van/minibus
trash/garbage/rubbish/bin tap/faucet price/pricing/quote quote/quotation/offer discount/rebate stairs/staircase
light/lamp/bulb customer/client/caller/user/guest customer/account patient/resident doctor/physician/gp/consultant
nurse/carer pupil/student/kid/child parent/mother/father/family teacher/colleague colleague/coworker/teammate/staff
boss/manager/supervisor/lead/director onboarding/newcomer/starter/joiner/hire/induction helpdesk/servicedesk/support
figure/number/data form/questionnaire/paperwork paper/paperwork/printout drawing/blueprint printer/print
copier/photocopier/photocopy/copy file/folder/drive/document order/purchase/po/procurement payment/pay/paid/transfer
budget/forecast/spending goal/target/okr/objective deadline/due spec/requirement/requirements/scope
stock/inventory/shelf glove/gloves/ppe bed/beds lab/laboratory/labs/bloods/sample discharge/discharged bell/bells
allergy/allergies ward/unit door/entrance/gate badge/keycard/card/pass key/keys phone/telephone/hotline/line/call
log/logs/logging flag/toggle linter/lint/formatter legal/lawyer/lawyers compliance/audit/auditor marketing/campaign
crm/salesforce/hubspot erp/sap update/upgrade/patch restart/reboot/boot/start/startup report/reporting
dashboard/grafana/tableau/metrics graph/chart/plot model/models template/templates/format/formatting
website/site/web/page shift/shifts bug/defect outage/incident/downtime customer/consumer desk/workplace/seat
room/meetingroom decision/decide status/progress tool/software/app/application/program data/dataset workload/overtime
hardware/device/equipment projector/bulb export/download import/upload search/index/find owner/ownership/responsible
template/form interview/interviewer/candidate exam/exams/examination lesson/class/teaching design/figma/mockup/mockups
brochure/flyer blog/article/post forklift/pallet definition/define/metric screenshare/share/sharing
besprechung/sitzung/termin
"""
"""Words that mean nearly the same at work; each group is one topic."""

THEMES = """
ci build pipeline jenkins test spec merge branch commit code repo git pr review deploy release staging production docker
 kubernetes terraform npm lint dependency library refactor backend frontend api endpoint service microservice runner
 flag
alert alarm pager oncall incident outage log metric dashboard grafana monitoring runbook night woken wake sleep 3am
wifi vpn network internet connection signal disconnect router bandwidth online offline
login password account sso 2fa mfa token access permission admin credential locked sign-in reset
laptop computer pc machine memory disk battery keyboard mouse monitor screen docking boot restart update windows cpu
printer paper toner scanner copier print label copy jam
meeting agenda calendar invite room standup call zoom teams participant attendee outcome one-to-one
email inbox mail cc reply newsletter spam attachment mailbox message slack chat notification
invoice po supplier payment purchase order approval budget accounting finance reconcile ledger bank account expense
 receipt month-end closing audit tax
excel spreadsheet formula tab cell column sheet pdf
customer client caller refund ticket complaint agent queue support hotline helpdesk macro zendesk knowledge base
crm lead contact sales quota quote deal pipeline discount prospect account
patient nurse doctor ward bed shift medication pharmacy discharge lab chart handover infusion pump vitals allergy
 dose clinic hospital theatre bandage porter rounds
pupil teacher lesson class parent grade exam homework timetable school classroom tablet worksheet curriculum term
candidate applicant interview hiring recruiter application offer onboarding cv vacancy
holiday leave absence sick vacation rota payroll timesheet overtime substitute
contract legal lawyer clause signature template nda compliance
stock warehouse shelf pallet forklift barcode scanner label picking delivery parcel truck dock inventory shipment
docs wiki confluence documentation guide runbook readme article knowledge
file folder drive document version share sharepoint storage archive
design figma mockup font photo brochure layout logo brand
data query dashboard warehouse table metric report export import pipeline analysis database sql definition
office desk chair noise heating cold air window door kitchen coffee parking lift badge building toilet
travel trip hotel flight booking train expense
site crane concrete drawing crew scaffold delivery weather
machine maintenance spare part sensor calibration production line tool
roadmap priority sprint planning estimate scope requirement spec backlog deadline stakeholder
"""
"""Words of the same field of work, without the same meaning; a field continues on an indented line."""

PHRASES = {
    "air con": "aircon",
    "by hand": "manually",
    "con call": "meeting",
    "day off": "leave",
    "days off": "leave",
    "double booked": "clash",
    "end to end": "e2e",
    "hand over": "handover",
    "handed over": "handover",
    "help desk": "helpdesk",
    "kicked out": "disconnected",
    "last minute": "sudden",
    "log in": "login",
    "logged in": "login",
    "logged out": "login",
    "logging in": "login",
    "log out": "login",
    "logs me out": "login",
    "look up": "search",
    "look for": "search",
    "looked for": "search",
    "looking for": "search",
    "no one": "nobody",
    "not enough": "lack",
    "on call": "oncall",
    "one by one": "manually",
    "out of date": "outdated",
    "out of": "lack",
    "over and over": "repeat",
    "pull request": "pr",
    "purchase order": "po",
    "ran out": "lack",
    "run out": "lack",
    "runs out": "lack",
    "short notice": "sudden",
    "shut down": "down",
    "sign in": "login",
    "signed in": "login",
    "sign off": "signoff",
    "signed off": "signoff",
    "stand up": "standup",
    "too few": "lack",
    "two factor": "2fa",
    "up to date": "current",
    "work around": "workaround",
}
"""Phrases that mean the same as a word."""
