"""The patient's screens in Spanish: one for every country, in the form of `usted`.

Nurses are called by what they do (`enfermería`), and no word says whether the patient is a woman
or a man.
"""

from companion.session.plan import Mode
from companion.session.view import Word
from companion.words.patient import PatientWords

SPANISH_PATIENT = PatientWords(
    call="llamar a enfermería",
    call_shows="su llamada está en pantalla",
    staff="personal",
    back="volver",
    more="más",
    skip="paso",
    can_you_hear="¿Puede oír esto?",
    louder="Más alto",
    quieter="Más bajo",
    hear_well="Está bien",
    hear_nothing="No lo oigo",
    tell_nurse_no_sound="Por favor, avise a enfermería de que no lo oye.",
    what_to_hear="¿Qué le gustaría escuchar?",
    modes={
        Mode.VOICE: "música y voz",
        Mode.MUSIC: "música",
        Mode.SILENCE: "silencio",
    },
    intention="¿Hay algo que quisiera llevar consigo?",
    intention_type="Si hay un teclado, puede escribir una frase. No es necesario.",
    no_intention="Sin frase",
    that_is_all="Ya está",
    no_more_questions="no más preguntas",
    rate_later="responder más tarde",
    settling="Un momento de calma.\nNo tiene que hacer nada.",
    minute="minuto",
    minutes="minutos",
    sound_off="Apagar el sonido",
    sound_on="Encender el sonido",
    softer="Más suave",
    infusion_started="Infusión iniciada",
    looked_in="Ronda hecha",
    not_so_comfortable="no tan a gusto",
    discomfort_told="Gracias por decirlo. Aquí lo verá enfermería. "
    "Puede poner la música más suave, o llamar.",
    how_are_you="¿Cómo se siente?",
    comfortable="a gusto",
    call_word="LLAMADA",
    call_now="ahora",
    call_minutes="{minutes} min",
    call_told="Su llamada está en pantalla.\nSi no viene nadie, use el timbre o llame en voz alta.",
    call_reaches="Se muestra en: {reaches}.",
    call_sent="Enviada por {channels}.",
    call_not_sent="No salió por {channels}; se intenta de nuevo.",
    channels={"command": "el programa", "webhook": "la red"},
    this_screen="esta pantalla",
    this_screen_only="solo esta pantalla",
    also_reaches=", ",
    take_back="retirar la llamada",
    here="Estoy aquí",
    who_is_it="¿Quién es? Toque su nombre.",
    recovering="Tómese todo el tiempo que necesite.",
    ready_to_answer="Ya puedo responder",
    farewell="Gracias.",
    farewell_stay="Por favor, quédese hasta que llegue enfermería.",
    waiting="Enfermería decidirá cómo seguir.",
    fault="Esta pantalla necesita un momento. Su sesión continúa.",
    fault_again="Continuar",
    state={
        Word.CALL: "LLAMADA",
        Word.LOOK_IN: "RONDA",
        Word.PUMP_STOPPED: "BOMBA PARADA",
        Word.NO_SOUND: "SIN SONIDO",
        Word.NOT_SAVED: "SIN GUARDAR",
        Word.PLUG_IN: "ENCHUFAR",
        Word.OK: "OK",
    },
)
